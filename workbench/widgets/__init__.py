"""The screens: each a headless model and a thin view."""

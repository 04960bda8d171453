"""What every screen is built from: guard, notice, grid, form, look-up, uploader, viewer, shortcuts."""

"""Our Voila: template, safety headers, kernels kept warm and culled."""

"""Work batches: charge batches and payment batches, and what posted image batches and sets are tied to."""

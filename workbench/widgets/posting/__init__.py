"""The Posting page: what was posted, what failed and why, over all deposits."""

"""The scan desk: image batches, their sets and images, coding, lists and the recycle bin."""

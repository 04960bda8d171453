"""Read-only SQL for analysts over the tables of the frames."""

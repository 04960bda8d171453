"""The history of the schema. Until the first release it is one initial migration, made by `regenerate`."""

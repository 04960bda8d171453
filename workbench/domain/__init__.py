"""The words and rules of the office: standard library only, no files, no database, no screen."""

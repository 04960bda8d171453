"""Which bank line paid which deposit (spec deposits 7.2). The door is `match` in `engine`."""

"""Bank statements read into lines and findings; pure. The door is `read_bank_file`."""

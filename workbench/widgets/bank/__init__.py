"""The bank page: lines and deposits side by side with proposals between, day close, reports."""

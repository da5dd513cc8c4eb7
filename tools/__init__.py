"""What those who change the press need: nothing in press/ imports it."""

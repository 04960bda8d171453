"""The settings page: one's own, the company's, payers', rules and ERA amounts."""

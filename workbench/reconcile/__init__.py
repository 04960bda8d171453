"""Balancing, posting rules and matching. Pure: tables or plain values in, results and findings out."""

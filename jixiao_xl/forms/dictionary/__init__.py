"""What is known of indicators, as data."""

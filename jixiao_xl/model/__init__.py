"""The words of the field as values; imports nothing of ours."""

"""The desk at which one verb's work is done: files opened, folders gathered, the archive asked.

It knows both doors, workbook and archive; it prints nothing and asks nobody.
"""

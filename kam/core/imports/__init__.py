"""Import of workbooks: what areas contribute, how a file is judged row by row, and what became of each row."""

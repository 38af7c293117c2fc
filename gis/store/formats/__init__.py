"""The file formats that offices hand in, read into plain tables; and the ones the product writes."""

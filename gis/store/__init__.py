"""The only SQL of the product: schema, migrations, scoped readers, writers with their audit row, file formats."""

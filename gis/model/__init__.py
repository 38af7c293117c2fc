"""What things are: frozen dataclasses, enums, ids, roles and actions. Standard library only."""

"""上门送学: who is due, rounds and their routes, sheets, results and what goes out of them."""

"""The screen 上门送学: rounds of visits planned, carried, recorded."""

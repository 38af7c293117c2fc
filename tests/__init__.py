"""The proof: unit, property, golden, integration, app, browser, architecture, benchmark."""

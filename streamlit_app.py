"""Entry: `streamlit run streamlit_app.py` serves the product; imported, it is the ASGI app, run, it is a screen."""

from __future__ import annotations

import streamlit as st

if __name__ == "__main__":  # every click: Streamlit runs this file
    from gis.ui.navigation import run

    run()
else:  # once, when the server starts
    from gis.ui.web.app import parts

    app = st.App(__file__, **parts())

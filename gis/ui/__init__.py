"""Everything Streamlit and folium: session, map, tables, web routes, Chinese labels. No rules."""

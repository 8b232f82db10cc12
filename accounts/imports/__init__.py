"""The registers of clients and contacts: their columns, how their rows are judged, and how they are written."""

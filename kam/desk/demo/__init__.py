"""An invented department to look around in: everything is made up, dates are relative to today."""

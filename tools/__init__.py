"""Scripts for those who develop Aftercare; nothing here runs in the product."""

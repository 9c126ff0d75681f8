"""An application of Django's, for check_django.py."""

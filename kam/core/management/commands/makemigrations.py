"""`makemigrations` that sees columns, not words."""

from django.core.management.commands.makemigrations import Command as MakeMigrations

from kam.core.migrations_without_words import Autodetector


class Command(MakeMigrations):
    """As Django's, except that labels, help texts and lists of choices make no migration."""

    autodetector = Autodetector

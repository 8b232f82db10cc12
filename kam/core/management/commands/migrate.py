"""`migrate` that does not ask for migrations of mere words."""

from django.core.management.commands.migrate import Command as Migrate

from kam.core.migrations_without_words import Autodetector


class Command(Migrate):
    """As Django's, with the same eyes as this project's `makemigrations`."""

    autodetector = Autodetector

"""Child process of the bench: one person, one large answer."""

import json
import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.test import Client

    from kam.people.models import Member
    from tests.bench.measure import probe

    client = Client()
    member = Member.objects.for_system().get(username=sys.argv[1])
    client.force_login(member, backend="kam.people.backends.MemberBackend")
    sys.stdout.write(json.dumps(probe(client, sys.argv[2])) + "\n")

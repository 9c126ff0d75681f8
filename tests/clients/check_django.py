"""Django: migrations, inspectdb, and an application by the ORM, with its users, sessions and admin."""

import datetime
import decimal
import io
import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

settings.configure(
    ALLOWED_HOSTS=["testserver"],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        "USER": os.environ["PGUSER"],
        "NAME": os.environ["PGDATABASE"],
    }},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
        "django.contrib.messages", "django.contrib.sessions", "bank",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF="check_django",
    SECRET_KEY="for this check only",
    TEMPLATES=[{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }],
    TIME_ZONE="UTC",
    USE_TZ=True,
)
sys.modules["check_django"] = sys.modules[__name__]
django.setup()

from bank.models import Account, Kind, Movement, Owner  # noqa: E402
from django.contrib import admin  # noqa: E402
from django.contrib.auth.models import Group, Permission, User  # noqa: E402
from django.db import IntegrityError, connection, models, transaction  # noqa: E402
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum, Window  # noqa: E402
from django.db.models.functions import ExtractYear, Lower, RowNumber, TruncDay  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402

admin.site.register(Owner)
urlpatterns = [path("admin/", admin.site.urls)]
UTC = datetime.timezone.utc
DAY = datetime.datetime(2024, 1, 1, tzinfo=UTC)


def migrate():
    call_command("makemigrations", "bank", check=True, dry_run=True, verbosity=0)
    call_command("migrate", verbosity=0)
    plan = io.StringIO()
    call_command("showmigrations", stdout=plan)
    assert "[ ]" not in plan.getvalue(), plan.getvalue()
    # Back to how the application's tables were first, and to what they are again.
    call_command("migrate", "bank", "0001", verbosity=0)
    with connection.cursor() as cursor:
        told = connection.introspection.get_table_description(cursor, "bank_kind")
        assert "rank" not in {column.name for column in told}
    call_command("migrate", "bank", verbosity=0)
    assert Permission.objects.filter(content_type__app_label="bank").count() == 16


def inspect():
    told = io.StringIO()
    call_command("inspectdb", "bank_account", "bank_movement", "bank_kind", stdout=told)
    for line in (
        "number = models.UUIDField(primary_key=True)",
        "owner = models.ForeignKey('BankOwner', models.DO_NOTHING)",
        "balance = models.DecimalField(max_digits=18, decimal_places=2)",
        "settings = models.JSONField()",
        "opened = models.DateTimeField()",
        "amount = models.DecimalField(max_digits=12, decimal_places=2)",
        "share = models.FloatField(blank=True, null=True)",
        "lasted = models.DurationField(blank=True, null=True)",
        "receipt = models.BinaryField(blank=True, null=True)",
        "label = models.CharField(unique=True, max_length=50)",
        "rank = models.SmallIntegerField()",
    ):
        assert line in told.getvalue(), (line, told.getvalue())
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "bank_account")
        assert constraints["overdraft"]["check"] and constraints["one_active"]["unique"], constraints
        newest = connection.introspection.get_constraints(cursor, "bank_movement")["movement_newest"]
        assert newest["columns"] == ["account_id", "at"] and newest["orders"] == ["ASC", "DESC"], newest
        sequences = connection.introspection.get_sequences(cursor, "bank_owner")
        assert [sequence["column"] for sequence in sequences] == ["id"], sequences


def rows():
    ann = Owner.objects.create(name="Ann", email="ann@example.com", born=datetime.date(1990, 2, 28))
    bob = Owner.objects.create(name="bob", email="bob@example.com")
    assert (ann.pk, bob.pk) == (1, 2)
    owner, made = Owner.objects.get_or_create(email="ann@example.com", defaults={"name": "?"})
    assert owner == ann and not made
    owner, made = Owner.objects.update_or_create(email="bob@example.com", defaults={"notes": "n"})
    assert owner == bob and not made and Owner.objects.get(pk=2).notes == "n"
    first = Account.objects.create(owner=ann, settings={"limits": {"day": 5}, "tags": ["a", "b"]})
    second = Account.objects.create(owner=bob, balance=decimal.Decimal("12.50"), currency="EUR")
    Movement.objects.bulk_create([
        Movement(
            account=first if n % 2 else second, amount=decimal.Decimal(n) / 4, at=DAY + datetime.timedelta(hours=n),
            share=n / 3, lasted=datetime.timedelta(minutes=n), receipt=bytes([n % 256]),
        )
        for n in range(500)
    ], batch_size=200)
    kinds = Kind.objects.bulk_create([Kind(label=f"k{n}") for n in range(3)])
    Kind.objects.bulk_create([Kind(label="k0"), Kind(label="k3")], ignore_conflicts=True)
    Kind.objects.bulk_create(
        [Kind(label="k1", rank=7)], update_conflicts=True, unique_fields=["label"], update_fields=["rank"]
    )
    assert list(Kind.objects.order_by("label").values_list("label", "rank")) == [
        ("k0", 0), ("k1", 7), ("k2", 0), ("k3", 0),
    ]
    for movement in Movement.objects.filter(amount__lt=5):
        movement.kinds.add(*kinds[: int(movement.amount) % 3])
    movement = Movement.objects.get(amount=decimal.Decimal("2.25"))
    assert (movement.lasted, bytes(movement.receipt), movement.share) == (datetime.timedelta(minutes=9), b"\x09", 3.0)
    return first, second


def questions(first, second):
    assert Movement.objects.count() == 500
    assert Movement.objects.aggregate(s=Sum("amount"))["s"] == decimal.Decimal("31187.50")
    per_day = (
        Movement.objects.order_by().annotate(day=TruncDay("at")).values("day").annotate(n=Count("id")).order_by("day")
    )
    assert list(per_day)[:2] == [{"day": DAY, "n": 24}, {"day": DAY + datetime.timedelta(days=1), "n": 24}]
    assert Movement.objects.annotate(y=ExtractYear("at")).filter(y=2024, at__date=DAY.date()).count() == 24
    assert Owner.objects.filter(name__iexact="BOB").get().pk == 2
    assert Owner.objects.filter(Q(name__icontains="N") | Q(email__startswith="zz")).get().pk == 1
    assert Owner.objects.filter(email__regex=r"^b.b@").get().pk == 2
    assert list(Owner.objects.order_by(Lower("name").desc()).values_list("name", flat=True)) == ["bob", "Ann"]
    assert Account.objects.get(settings__limits__day=5) == first
    assert Account.objects.get(settings__tags__contains=["a"]) == first
    assert list(Account.objects.filter(settings__has_key="tags").values_list("settings__tags__1", flat=True)) == ["b"]
    newest = Movement.objects.filter(account=OuterRef("pk")).order_by("-at")
    told = Account.objects.annotate(last=Subquery(newest.values("amount")[:1])).order_by("last").values_list("last", flat=True)
    assert list(told) == [decimal.Decimal("124.50"), decimal.Decimal("124.75")]
    ranked = Movement.objects.annotate(r=Window(RowNumber(), partition_by=F("account"), order_by=F("at").desc()))
    assert {movement.amount for movement in ranked.filter(r=1)} == set(told)
    with_kinds = Movement.objects.prefetch_related("kinds").select_related("account__owner").filter(kinds__label="k1")
    assert {movement.account.owner.name for movement in with_kinds} == {"Ann", "bob"}
    assert all(movement.kinds.count() == 2 for movement in with_kinds)
    assert Owner.objects.annotate(n=Count("accounts__movement", distinct=True)).values_list("n", flat=True)[0] == 250
    assert sum(1 for _ in Movement.objects.iterator(chunk_size=100)) == 500
    both = Owner.objects.filter(pk=1).values_list("name").union(Kind.objects.filter(label="k0").values_list("label"))
    assert sorted(both) == [("Ann",), ("k0",)]
    assert Movement.objects.filter(account=second).update(amount=F("amount") + 1) == 250
    assert Movement.objects.filter(amount__gt=120).delete()[0] > 0
    assert "bank_movement" in Movement.objects.filter(account=first).explain()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from bank_movement where share between %s and %s", [0.5, 3.5])
        assert cursor.fetchone() == (9,)


def transactions(first):
    try:
        with transaction.atomic():
            Owner.objects.create(name="Zoe", email="zoe@example.com")
            try:
                with transaction.atomic():
                    Owner.objects.create(name="twice", email="ann@example.com")
            except IntegrityError:
                pass
            assert Owner.objects.filter(email="zoe@example.com").exists()
            raise ValueError
    except ValueError:
        pass
    assert not Owner.objects.filter(email="zoe@example.com").exists()
    for wrong in (
        lambda: Account.objects.filter(pk=first.pk).update(balance=-2000),
        lambda: Account.objects.create(owner_id=1),
        lambda: Kind.objects.create(label="k0"),
    ):
        try:
            with transaction.atomic():
                wrong()
            raise AssertionError("a constraint was broken")
        except IntegrityError:
            pass
    # A foreign key that is looked at when the transaction ends, as Django declares them.
    try:
        with transaction.atomic():
            Movement.objects.create(account_id="00000000-0000-0000-0000-000000000000", amount=1, at=DAY)
        raise AssertionError("a movement without an account was taken")
    except IntegrityError:
        pass
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=first.pk)
        locked.balance += 5
        locked.save(update_fields=["balance"])
        list(Account.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner"))
    assert Account.objects.get(pk=first.pk).balance == 5
    try:
        first.delete()
        raise AssertionError("an account with movements was deleted")
    except models.ProtectedError:
        pass
    Movement.objects.filter(account=first).delete()
    assert first.delete()[0] == 1


def site():
    User.objects.create_superuser("root", "root@example.com", "secret")
    Group.objects.create(name="clerks").permissions.set(Permission.objects.filter(codename__contains="kind"))
    browser = Client()
    assert browser.login(username="root", password="secret")
    assert browser.get("/admin/bank/owner/?q=").status_code == 200
    answer = browser.post("/admin/bank/owner/add/", {"name": "Eve", "email": "eve@example.com", "born": "2000-01-31", "notes": ""})
    assert answer.status_code == 302, answer.content
    assert Owner.objects.get(email="eve@example.com").born == datetime.date(2000, 1, 31)
    assert browser.get("/admin/").status_code == 200


def dump():
    written = io.StringIO()
    call_command("dumpdata", "bank", stdout=written)
    before = Owner.objects.count()
    call_command("flush", interactive=False, verbosity=0)
    assert Owner.objects.count() == 0
    with open(os.path.join(os.environ.get("TMPDIR", "/tmp"), f"bank-{os.getpid()}.json"), "w") as file:
        file.write(written.getvalue())
    try:
        call_command("loaddata", file.name, verbosity=0)
    finally:
        os.remove(file.name)
    assert Owner.objects.count() == before
    # Ids go on after those that were loaded.
    assert Owner.objects.create(name="new", email="new@example.com").pk > 2
    call_command("migrate", "bank", "zero", verbosity=0)
    assert "bank_owner" not in connection.introspection.table_names()


if __name__ == "__main__":
    migrate()
    inspect()
    accounts = rows()
    questions(*accounts)
    transactions(accounts[0])
    site()
    dump()
    print("django: good")

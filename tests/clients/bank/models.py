"""Owners, accounts and movements between them."""

import uuid

from django.db import models


class Owner(models.Model):
    name = models.CharField(max_length=80, db_index=True)
    email = models.EmailField(unique=True)
    born = models.DateField(null=True)
    notes = models.TextField(blank=True, default="")


class Account(models.Model):
    number = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="accounts")
    currency = models.CharField(max_length=3, default="USD")
    balance = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    settings = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    opened = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(balance__gte=-1000), name="overdraft"),
            models.UniqueConstraint(fields=["owner", "currency"], condition=models.Q(active=True), name="one_active"),
        ]


class Movement(models.Model):
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    share = models.FloatField(null=True)
    lasted = models.DurationField(null=True)
    receipt = models.BinaryField(null=True)
    at = models.DateTimeField()
    kinds = models.ManyToManyField("Kind")

    class Meta:
        indexes = [models.Index(fields=["account", "-at"], name="movement_newest")]
        ordering = ["id"]


class Kind(models.Model):
    label = models.SlugField(unique=True)
    rank = models.PositiveSmallIntegerField(default=0)

"""Conditions of a template ask for the account, the Region and the partition; ministack takes their names for values."""
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from .wire import around


def evaluated(original, template, params):
    pseudo = {"AWS::AccountId": get_account_id(), "AWS::Region": get_region(), "AWS::Partition": "aws",
              "AWS::URLSuffix": "amazonaws.com"}
    return original(template, {**{name: {"Value": value} for name, value in pseudo.items()}, **params})


for _module in (changesets, engine, handlers, stacks):
    around(_module, "_evaluate_conditions")(evaluated)

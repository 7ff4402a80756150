"""What AWS Budgets does when it has calculated a spend: alerts once a threshold, and runs the actions whose line is
reached."""
from ministack.core.responses import get_account_id
from ministack.services import budgets, sns

from . import budget_actions, mails
from .service_principals import BUDGETS, may_publish

# Topics that did not let AWS Budgets publish: read at /_plus/undelivered.
refused: list = []


def calculated(name, usd):
    budget = budgets._budgets[name]
    budget["CalculatedSpend"]["ActualSpend"] = {"Amount": str(usd), "Unit": "USD"}
    limit = float(budget["BudgetLimit"]["Amount"])
    percent = float(usd) / limit * 100
    for entry in budgets._notification_store.get(name, []):
        notification = entry["notification"]
        relative = notification.get("ThresholdType", "PERCENTAGE") == "PERCENTAGE"
        over = (percent if relative else float(usd)) > float(notification["Threshold"])
        if notification["NotificationType"] == "ACTUAL" and over and notification["NotificationState"] != "ALARM":
            alert(name, usd, limit, notification["Threshold"], entry["subscribers"])
        notification["NotificationState"] = "ALARM" if over else "OK"
    budget_actions.cross(name, percent)


def alert(name, usd, limit, threshold, subscribers):
    subject = f"AWS Budgets: {name} has exceeded your alert threshold"
    message = (f"AWS Account {get_account_id()}\nBudget Name: {name}\nBudget Type: Cost\n"
               f"Budgeted Amount: ${limit:.2f}\n"
               f"Alert Type: ACTUAL\nAlert Threshold: > ${limit * float(threshold) / 100:.2f}\n"
               f"ACTUAL Amount: ${float(usd):.2f}")
    for subscriber in subscribers:
        address = subscriber["Address"]
        if subscriber["SubscriptionType"] == "EMAIL":
            mails.mails.append({"to": address, "topic": "AWS Budgets", "subject": subject, "message": message})
        elif may_publish(address, BUDGETS, f"arn:aws:budgets::{get_account_id()}:budget/{name}"):
            sns.publish_internal(address, message, subject)
        else:
            refused.append({"budget": name, "topic": address})

"""What AWS enforces and ministack does not: each module names one part of it. It may enforce and report, never act."""

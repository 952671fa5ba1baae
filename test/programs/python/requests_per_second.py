"""Requests to a Flask application, without a network: how long each takes, in microseconds. Prints the least of several rounds."""

import sqlite3
import sys
import time

from flask import Flask

app = Flask(__name__)
database = sqlite3.connect(":memory:", check_same_thread=False)


@app.get("/")
def index():
    cursor = database.cursor()
    cursor.execute("select 1")
    return {"rows": cursor.fetchall()}


client = app.test_client()
count = int(sys.argv[1])
least = float("inf")
for _ in range(6):
    begun = time.process_time()
    for _ in range(count):
        client.get("/")
    least = min(least, (time.process_time() - begun) * 1e6 / count)
print(least)

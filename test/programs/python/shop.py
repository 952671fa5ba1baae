import os
import sqlite3

import requests
from flask import Flask, jsonify

app = Flask(__name__)
stock = sqlite3.connect(":memory:", check_same_thread=False)
stock.execute("create table articles (name text)")


def price_of(article):
    return requests.get(os.environ["PRICES"] + "/prices/" + article).json()  # asks the other service


@app.get("/articles/<name>")
def article(name):
    found = stock.execute("select name from articles where name = ?", (name,)).fetchall()  # asks the database
    return jsonify(found=len(found), price=price_of(name))


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]))

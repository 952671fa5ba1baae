import os

import httpx
import sqlalchemy
from fastapi import FastAPI

app = FastAPI()
engine = sqlalchemy.create_engine("sqlite://")


@app.get("/prices/{article}")
def price(article: str):
    with engine.connect() as connection:
        return connection.execute(sqlalchemy.text("select 42")).scalar_one()  # asks the database


@app.get("/far")
async def far():
    async with httpx.AsyncClient() as client:
        answer = await client.get("http://127.0.0.1:" + os.environ["PORT"] + "/prices/tea")  # asks itself
    return answer.json()

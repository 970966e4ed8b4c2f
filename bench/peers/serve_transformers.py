"""A classifier of transformers behind uvicorn: POST / {"input": text}. As FastAPI, whose base Starlette is, would serve it: each
request by itself, in the pool of threads.

Usage: python bench/peers/serve_transformers.py FOLDER PORT THREADS    (pip install uvicorn starlette)
"""
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route
from transformers import pipeline

folder, port, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
classifier = pipeline("text-classification", folder, top_k=None)


async def classify(request):
    text = (await request.json())["input"]
    return JSONResponse(await run_in_threadpool(classifier, text))


app = Starlette(routes=[Route("/", classify, methods=["POST"]), Route("/", lambda _: JSONResponse({}), methods=["GET"])])
uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error")

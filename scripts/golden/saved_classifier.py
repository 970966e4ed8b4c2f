"""What Hugging Face transformers says of a classifier that Textune saved.

Textune saves (scripts/golden/save-classifier.ts), AutoTokenizer and AutoModelForSequenceClassification read
(check_saved_classifier.py); `dtype` is what they choose when nobody tells them, though the source was float16. The digests tie the golden to the very bytes that transformers read.

Usage: python scripts/golden/saved_classifier.py tests/golden/saved-classifier.json
Needs: npm ci; pip install torch transformers
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from transformers import AutoModelForSequenceClassification

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")


def main():
    with open(os.path.join(ROOT, "tests", "golden", "transformers-checkpoints.json"), encoding="utf-8") as file:
        texts = json.load(file)["texts"]
    with tempfile.TemporaryDirectory() as place:
        folder = os.path.join(place, "classifier")
        subprocess.run(["npx", "tsx", os.path.join(HERE, "save-classifier.ts"), folder], cwd=ROOT, check=True)
        lines = os.path.join(place, "texts.jsonl")
        with open(lines, "w", encoding="utf-8") as file:
            file.writelines(json.dumps(text) + "\n" for text in texts)
        check = subprocess.run([sys.executable, os.path.join(HERE, "check_saved_classifier.py"), folder, lines], capture_output=True, check=True, text=True)
        dtype = str(AutoModelForSequenceClassification.from_pretrained(folder).dtype)
        files = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                files[name] = hashlib.sha256(file.read()).hexdigest()
        del files["config.json"]
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            config = json.load(file)
        # Textune's own part, of which transformers knows nothing.
        config.pop("textune", None)
    golden = {"about": "Written by scripts/golden/saved_classifier.py.", "sha256": files, "config": config, "dtype": dtype, **json.loads(check.stdout)}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(golden, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()

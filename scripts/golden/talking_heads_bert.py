"""BERT with talking-heads attention and gated GELU, written out in PyTorch.

What TensorFlow's Model Garden computes (EncoderScaffold with TalkingHeadsAttention and GatedFeedforward), equation by equation:
arXiv:2003.02436 and arXiv:2002.05202. Dropout only where the configuration says so. Parameters are called and laid out as
Textune has them.
"""
import math
from types import SimpleNamespace

import torch
from torch import nn
from torch.nn import functional as F

MODEL_TYPE = "talking_heads_bert"


def part(**modules):
    """Modules under their names."""
    return nn.ModuleDict(modules)


def mixing(heads):
    module = nn.Module()
    module.weight = nn.Parameter(torch.zeros(heads, heads))
    return module


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = SimpleNamespace(**config)
        c = self.config
        width, inner = c.hidden_size, c.intermediate_size
        self.dropout = nn.Dropout(getattr(c, "hidden_dropout_prob", 0.0))
        self.attention_dropout = nn.Dropout(getattr(c, "attention_probs_dropout_prob", 0.0))
        norm = lambda: nn.LayerNorm(width, eps=c.layer_norm_eps)
        self.embeddings = part(
            word_embeddings=nn.Embedding(c.vocab_size, width),
            position_embeddings=nn.Embedding(c.max_position_embeddings, width),
            token_type_embeddings=nn.Embedding(c.type_vocab_size, width),
            LayerNorm=norm(),
        )
        own = lambda: part(
            query=nn.Linear(width, width), key=nn.Linear(width, width), value=nn.Linear(width, width),
            pre_softmax=mixing(c.num_attention_heads), post_softmax=mixing(c.num_attention_heads),
        )
        layer = lambda: part(
            attention=part(self=own(), output=part(dense=nn.Linear(width, width), LayerNorm=norm())),
            intermediate=part(dense=nn.Linear(width, inner)),
            gate=part(dense=nn.Linear(width, inner)),
            output=part(dense=nn.Linear(inner, width), LayerNorm=norm()),
        )
        self.encoder = part(layer=nn.ModuleList([layer() for _ in range(c.num_hidden_layers)]))
        self.pooler = part(dense=nn.Linear(width, width))

    def attention(self, layer, x, mask):
        heads = lambda y: y.view(*y.shape[:2], self.config.num_attention_heads, -1)  # [B, T, N, H]
        query, key, value = (heads(layer[name](x)) for name in ("query", "key", "value"))
        scores = torch.einsum("bsnh,btnh->bnts", key, query) / math.sqrt(query.shape[-1])
        scores = torch.einsum("bnts,nm->bmts", scores, layer["pre_softmax"].weight)
        # Keras' masked softmax.
        weights = torch.softmax(scores + (1.0 - mask[:, None, None, :].to(scores.dtype)) * -1e9, -1)
        weights = self.attention_dropout(torch.einsum("bnts,nm->bmts", weights, layer["post_softmax"].weight))
        return torch.einsum("bnts,bsnh->btnh", weights, value).flatten(2)

    def forward(self, input_ids, attention_mask, token_type_ids):
        e = self.embeddings
        positions = torch.arange(input_ids.shape[1])
        x = e["word_embeddings"](input_ids) + e["position_embeddings"](positions) + e["token_type_embeddings"](token_type_ids)
        x = self.dropout(e["LayerNorm"](x))
        for layer in self.encoder["layer"]:
            own, output = layer["attention"]["self"], layer["attention"]["output"]
            x = output["LayerNorm"](x + self.dropout(output["dense"](self.attention(own, x, attention_mask))))
            gated = F.gelu(layer["intermediate"]["dense"](x), approximate="tanh") * layer["gate"]["dense"](x)
            x = layer["output"]["LayerNorm"](x + self.dropout(layer["output"]["dense"](gated)))
        return x, torch.tanh(self.pooler["dense"](x[:, 0]))


class Classifier(nn.Module):
    base_model_prefix = "bert"

    def __init__(self, config):
        super().__init__()
        self.bert = Encoder(config)
        self.config = self.bert.config
        self.dropout = self.bert.dropout
        self.classifier = nn.Linear(config["hidden_size"], config["num_labels"])

    def forward(self, labels=None, **inputs):
        logits = self.classifier(self.dropout(self.bert(**inputs)[1]))
        return SimpleNamespace(logits=logits, loss=None if labels is None else F.cross_entropy(logits, labels))

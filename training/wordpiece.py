"""WordPiece as transformers.js reads it from tokenizer.json, for models whose vocabulary is given.

Lower-cased, accents stripped, cut at white space and punctuation (BertPreTokenizer), longest match first."""
import collections
import json
import re
import unicodedata

WORDS = re.compile(r"\w+|[^\w\s]", re.UNICODE)


def words_of(text):
    text = text.lower()
    if not text.isascii():
        text = "".join(ch for ch in unicodedata.normalize("NFD", text) if unicodedata.category(ch) != "Mn")
    return WORDS.findall(text.replace("_", " _ "))


class WordPiece:
    def __init__(self, data, max_len=128):
        self.data, self.max_len = data, max_len
        self.vocab = data["model"]["vocab"]
        self.longest = data["model"]["max_input_chars_per_word"]
        self.cache = {}

    @classmethod
    def read(cls, path):
        with open(path, encoding="utf-8") as f:
            return cls(json.load(f))

    def extend(self, texts, least):
        """Adds each word that the texts have at least so often as a piece of its own."""
        count = collections.Counter(w for t in texts for w in words_of(t))
        for word, n in sorted(count.items(), key=lambda x: (-x[1], x[0])):
            if n >= least and word.isalpha() and word not in self.vocab:
                self.vocab[word] = len(self.vocab)
        self.cache.clear()

    def word(self, word):
        if word not in self.cache:
            ids, at = [], 0
            while at < len(word):
                end = len(word)
                while end > at and ("##" if at else "") + word[at:end] not in self.vocab:
                    end -= 1
                if end == at or len(word) > self.longest:
                    ids = [1]
                    break
                ids.append(self.vocab[("##" if at else "") + word[at:end]])
                at = end
            self.cache[word] = ids
        return self.cache[word]

    def encode(self, texts):
        return [[2] + [i for w in words_of(t) for i in self.word(w)][: self.max_len - 2] + [3] for t in texts]

    def size(self):
        return len(self.vocab)

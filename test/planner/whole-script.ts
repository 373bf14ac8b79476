/** The whole-script example of docs/language.md: two regions, one of them around a model. */
export const WHOLE_SCRIPT = `
DECLARE @reviews: string = "reviews.txt";

lines      = EXTRACT line: string FROM @reviews USING LineReader();
classified = PROCESS lines USING TextClassifier(text = line, model = "./models/language")
             PRODUCE label AS language;
english    = classified WHERE language == "en";
foreign    = classified WHERE language != "en" && attempts(line) == 0;

translated = PROCESS foreign USING Translator(text = line, model = "./models/hi-en")
             PRODUCE translation
             APPEND line = translation;

scored     = PROCESS english USING TextClassifier(text = line, model = "./models/tiny")
                             ELSE  TextClassifier(text = line, model = "./models/base")
             PRODUCE label AS sentiment, score AS confidence;
trusted    = scored ASSERT confidence >= 0.8 ELSE RETRY sentiment ELSE ROUTE TO doubtful;

OUTPUT trusted WHERE sentiment == "POSITIVE" TO "positive.csv" USING CsvWriter(order = [line])
       EXPECT "gt/positive.csv" HAVING f1 >= 0.9;
OUTPUT doubtful   TO "doubtful.csv"     USING CsvWriter();
OUTPUT translated TO "translations.csv" USING CsvWriter(order = [line, translation]);
`;

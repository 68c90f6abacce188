# Verses of kjv_bible.lines with their labels, as `label<TAB>verse`: the book's name, or with by=group its group.
#   awk -f label_verses.awk [-v by=group] kjv_books.tsv kjv_bible.lines
# kjv_books.tsv has the books in order: name, number of verses, group. The 229 lines that are not verses head the chapters of
# the books that come in several (Samuel ... John) and name them, so they are left out: the labels are to be told from
# the verses alone. What is left are 31102 verses, which is what the books' numbers sum up to; anything else is an error.
BEGIN { FS = OFS = "\t"; number = "(zero|one|two|three|four|five|six|seven|eight|nine)" }
FNR == NR { verses[++books] = $2; label[books] = by == "group" ? $3 : $1; next }
$0 ~ "^(samuel|kings|chronicles|corinthians|thessalonians|timothy|peter|john) " number "( " number ")?$" { next }
{
    if (seen == verses[book]) { book++; seen = 0 }
    seen++
    print label[book], $0
}
END {
    if (book != books || seen != verses[book]) { print "the verses are not those of the books" > "/dev/stderr"; exit 1 }
}

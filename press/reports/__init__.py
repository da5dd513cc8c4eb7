"""What staff ask: who is due, what was given, what to recall, how hard a page is to read.

Public: contents, cover, data, document_references, page, questions, reading, review, review_scores, sheet,
signing_packet, signing_points.
"""

"""What staff ask: who is due, what was given, what to recall, how hard a page is to read.

Public: contents, cover, csv_table, data, document_references, month_grid, outcomes, page, questions, reading, recall,
review, review_scores, sheet, signing_packet, signing_points, teach_back.
"""

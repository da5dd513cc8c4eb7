"""One handout, or a whole list, from files to delivered pages.

Public: check_cache, desk_delivery, desk_run, drawer, handout, hardening, list_request, list_run, needs, page_cache,
paper, print_job, signed_pages, signing, sweep, totals.
"""

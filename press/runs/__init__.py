"""One handout, or a whole list, from files to delivered pages.

Public: check_cache, desk_delivery, desk_run, handout, hardening, list_request, list_run, needs, new_folder, page_cache,
paper, print_job, signed_pages, signing, sweep, totals, update.
"""

"""One handout, or a whole list, from files to delivered pages.

Public: batch, check_cache, desk_delivery, desk_run, handout, hardening, list_run, merged_run, needs,
page_cache, paper, print_job, signing, sweep, workers.
"""

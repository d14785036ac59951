"""Who does the work: threads, Dask here, Dask elsewhere. The one place that imports Dask."""
